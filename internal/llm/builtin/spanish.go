package builtin

import "parley/internal/variable"

var spanish = phrases{
	hello:      []string{"¡Hola! ¿En qué puedo ayudarle?", "¡Hola! ¿Qué puedo hacer por usted?"},
	helloAgain: []string{"¡Hola! ¿Qué le gustaría saber?", "¡Hola! Le escucho."},
	howAreYou:  []string{"¡Muy bien, gracias! ¿En qué puedo ayudarle?"},
	welcome: []string{
		"¡De nada! ¿Puedo ayudarle en algo más?",
		"Con mucho gusto. ¿Alguna otra pregunta?",
		"No hay de qué. Escríbame si necesita algo más.",
	},
	goodbye: []string{"¡Hasta luego, y gracias por escribirnos!", "¡Que le vaya bien, hasta pronto!"},
	whoAmI: []string{
		"Soy un asistente automático, no una persona: respondo palabra por palabra con lo que el equipo ha escrito. Si prefiere hablar con una persona, dígamelo.",
	},
	canDo: []string{
		"Pregúnteme con sus propias palabras. Lo busco en lo que el equipo ha escrito y le digo dónde está. Si no puedo ayudarle, le paso con una persona.",
	},
	dontKnow: []string{
		"Lo siento, no encuentro eso en la información que tengo.",
		"No tengo una respuesta para eso y prefiero no adivinar.",
		"Me temo que eso no está en mis notas.",
	},
	nearest:     "Lo más parecido que tengo trata de %s.",
	offerPerson: "¿Quiere que le pase con una persona?",
	handingOver: []string{
		"Por supuesto. Le paso con una persona, que podrá leer todo lo que ha escrito aquí. Un momento, por favor.",
		"Con gusto. Alguien del equipo continuará y puede leer lo que hemos escrito.",
	},
	goOn:         []string{"De acuerdo. ¿Qué más le gustaría saber?", "No hay problema. ¿En qué más puedo ayudarle?"},
	glad:         []string{"¡Muy bien! ¿Algo más?", "Perfecto. Pregúnteme si necesita otra cosa."},
	perhaps:      []string{"No estoy seguro de que sea lo que busca, pero he encontrado esto:", "Quizá esto le ayude:"},
	thanksFor:    "¡Gracias, %s!",
	noted:        []string{"Gracias, he anotado %s.", "Anotado: %s."},
	oneMore:      []string{"¿Puedo preguntarle algo yo también?", "Una cosa más, para poder ayudarle mejor:"},
	allDone:      []string{"Es todo lo que necesito, gracias. ¿En qué más puedo ayudarle?", "Perfecto, ya lo tengo todo. ¿Alguna otra pregunta?"},
	noMatter:     []string{"No hay problema, lo dejamos. ¿En qué puedo ayudarle?", "No pasa nada, podemos seguir sin ello. ¿Cómo puedo ayudarle?"},
	noFiles:      "Lamentablemente no puedo ver imágenes ni archivos. ¿Podría decirme con palabras de qué se trata?",
	failed:       "Algo no ha funcionado por mi parte. ¿Quiere que le pase con una persona?",
	source:       "Fuente",
	example:      "Ejemplo",
	talkToPerson: "Hablar con una persona",
	yes:          "Sí", no: "No", or: "o",
	ask: map[variable.Kind]string{
		variable.KindName:  "¿Cómo se llama?",
		variable.KindEmail: "¿Cuál es su correo electrónico?",
		variable.KindPhone: "¿Cuál es su número de teléfono?",
		variable.KindOrder: "¿Cuál es su número de pedido?",
	},
	askText:   "¿Qué anoto para «%s»?",
	askNumber: "¿Qué número anoto para «%s»?",
	askDate:   "¿Qué fecha anoto para «%s»?",
	askYesNo:  "«%s»: ¿sí o no?",
	askOption: "¿Qué prefiere para «%s»: %s?",
	wrong: map[variable.Kind]string{
		variable.KindName:  "No he entendido el nombre.",
		variable.KindEmail: "Eso no parece un correo electrónico, como nombre@ejemplo.es.",
		variable.KindPhone: "No he encontrado ningún teléfono; mejor con prefijo, como +34 91 123 45 67.",
		variable.KindOrder: "No he encontrado ningún número de pedido.",
	},
	wrongNumber: "Necesito un solo número, por ejemplo 3 o 12,5.",
	wrongDate:   "No he reconocido ninguna fecha. ¿Podría escribirla así: 3 de marzo de 2026?",
	wrongYesNo:  "Basta con un sí o un no.",
	wrongOption: "Elija una de estas opciones: %s.",
	wrongText:   "No lo he entendido como respuesta.",
}
