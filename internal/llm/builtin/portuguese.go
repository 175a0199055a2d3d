package builtin

import "parley/internal/variable"

var portuguese = phrases{
	hello:      []string{"Olá! Em que posso ajudar?", "Olá! O que posso fazer por si?"},
	helloAgain: []string{"Olá! O que gostaria de saber?", "Olá! Pode perguntar."},
	howAreYou:  []string{"Muito bem, obrigado! Em que posso ajudar?"},
	welcome: []string{
		"De nada! Posso ajudar em mais alguma coisa?",
		"Com muito gosto. Tem mais alguma pergunta?",
		"Não tem de quê. Escreva se precisar de mais alguma coisa.",
	},
	goodbye: []string{"Até logo, e obrigado pela sua mensagem!", "Tudo de bom, e até breve!"},
	whoAmI: []string{
		"Sou um assistente automático, não uma pessoa: respondo palavra por palavra com o que a equipa escreveu. Se preferir falar com uma pessoa, é só dizer.",
	},
	canDo: []string{
		"Pergunte com as suas palavras. Procuro no que a equipa escreveu e digo onde está. Se não puder ajudar, passo a conversa a uma pessoa.",
	},
	dontKnow: []string{
		"Desculpe, não encontro isso na informação que tenho.",
		"Não tenho uma resposta para isso e prefiro não adivinhar.",
		"Infelizmente isso não está nas minhas notas.",
	},
	nearest:     "O mais próximo que tenho é sobre %s.",
	offerPerson: "Quer que passe a conversa a uma pessoa?",
	handingOver: []string{
		"Com certeza. Vou passar a conversa a uma pessoa, que poderá ler tudo o que escreveu aqui. Um momento, por favor.",
		"Com gosto. Alguém da equipa vai continuar e pode ler o que escrevemos até agora.",
	},
	goOn:         []string{"Está bem. O que mais gostaria de saber?", "Sem problema. Em que mais posso ajudar?"},
	glad:         []string{"Ótimo! Mais alguma coisa?", "Perfeito. É só perguntar se precisar de algo mais."},
	perhaps:      []string{"Não tenho a certeza de que seja isto, mas encontrei o seguinte:", "Talvez isto ajude:"},
	thanksFor:    "Obrigado, %s!",
	noted:        []string{"Obrigado, anotei %s.", "Anotado: %s."},
	oneMore:      []string{"Posso também fazer uma pergunta?", "Mais uma coisa, para podermos ajudar melhor:"},
	allDone:      []string{"É tudo o que preciso, obrigado. Em que mais posso ajudar?", "Perfeito, já tenho tudo. Mais alguma pergunta?"},
	noMatter:     []string{"Sem problema, deixemos isso. Em que posso ajudar?", "Não faz mal, passamos sem isso. Como posso ajudar?"},
	noFiles:      "Infelizmente não consigo ver imagens nem ficheiros. Pode dizer-me por palavras de que se trata?",
	failed:       "Algo não funcionou do meu lado. Quer que passe a conversa a uma pessoa?",
	source:       "Fonte",
	example:      "Exemplo",
	talkToPerson: "Falar com uma pessoa",
	yes:          "Sim", no: "Não", or: "ou",
	ask: map[variable.Kind]string{
		variable.KindName:  "Como se chama?",
		variable.KindEmail: "Qual é o seu e-mail?",
		variable.KindPhone: "Qual é o seu número de telefone?",
		variable.KindOrder: "Qual é o número da sua encomenda?",
	},
	askText:   "O que devo anotar em «%s»?",
	askNumber: "Que número devo anotar em «%s»?",
	askDate:   "Que data devo anotar em «%s»?",
	askYesNo:  "«%s»: sim ou não?",
	askOption: "O que prefere em «%s»: %s?",
	wrong: map[variable.Kind]string{
		variable.KindName:  "Não percebi o nome.",
		variable.KindEmail: "Isso não parece um e-mail, como nome@exemplo.pt.",
		variable.KindPhone: "Não encontrei nenhum número de telefone; de preferência com indicativo, como +351 21 123 4567.",
		variable.KindOrder: "Não encontrei nenhum número de encomenda.",
	},
	wrongNumber: "Preciso de um único número, por exemplo 3 ou 12,5.",
	wrongDate:   "Não reconheci nenhuma data. Pode escrevê-la assim: 3 de março de 2026?",
	wrongYesNo:  "Basta um sim ou não.",
	wrongOption: "Escolha uma destas opções: %s.",
	wrongText:   "Não entendi isso como resposta.",
}
