package builtin

import "parley/internal/variable"

var french = phrases{
	hello:      []string{"Bonjour ! Que puis-je faire pour vous ?", "Bonjour ! Comment puis-je vous aider ?"},
	helloAgain: []string{"Bonjour ! Que souhaitez-vous savoir ?", "Bonjour ! Je vous écoute."},
	howAreYou:  []string{"Très bien, merci ! Que puis-je faire pour vous ?"},
	welcome: []string{
		"Avec plaisir ! Puis-je faire autre chose pour vous ?",
		"Je vous en prie. Avez-vous une autre question ?",
		"De rien. Écrivez-moi si vous avez besoin d'autre chose.",
	},
	goodbye: []string{"Au revoir, et merci de votre message !", "Bonne continuation, et à bientôt !"},
	whoAmI: []string{
		"Je suis un assistant automatique, pas une personne : je réponds mot pour mot à partir de ce que l'équipe a écrit. Si vous préférez parler à quelqu'un, dites-le-moi.",
	},
	canDo: []string{
		"Posez votre question avec vos mots. Je cherche dans ce que l'équipe a écrit et je vous dis où cela se trouve. Si je ne peux pas vous aider, je vous mets en relation avec une personne.",
	},
	dontKnow: []string{
		"Je suis désolé, je ne trouve rien à ce sujet dans mes documents.",
		"Je n'ai pas de réponse à cela, et je préfère ne pas deviner.",
		"Cela ne figure malheureusement pas dans mes notes.",
	},
	nearest:     "Ce que j'ai de plus proche concerne %s.",
	offerPerson: "Voulez-vous que je vous mette en relation avec une personne ?",
	handingOver: []string{
		"Bien sûr. Je vous mets en relation avec une personne, qui pourra lire tout ce que vous avez écrit ici. Un instant, s'il vous plaît.",
		"Volontiers. Quelqu'un de l'équipe va prendre la suite et peut lire nos échanges.",
	},
	goOn:         []string{"Très bien. Que souhaitez-vous savoir d'autre ?", "Pas de problème. Que puis-je faire d'autre pour vous ?"},
	glad:         []string{"Parfait ! Autre chose ?", "Très bien. N'hésitez pas si vous avez une autre question."},
	perhaps:      []string{"Je ne suis pas certain que ce soit votre question, mais voici ce que j'ai trouvé :", "Ceci vous aidera peut-être :"},
	thanksFor:    "Merci, %s !",
	noted:        []string{"Merci, j'ai noté %s.", "C'est noté : %s."},
	oneMore:      []string{"Puis-je à mon tour vous demander quelque chose ?", "Encore une chose, pour mieux vous aider :"},
	allDone:      []string{"C'est tout ce qu'il me fallait, merci. Que puis-je faire d'autre pour vous ?", "Parfait, j'ai tout. Avez-vous une autre question ?"},
	noMatter:     []string{"Pas de problème, laissons cela. Que puis-je faire pour vous ?", "Ce n'est pas grave, on peut s'en passer. Comment puis-je vous aider ?"},
	noFiles:      "Je ne peux malheureusement pas ouvrir les images ni les fichiers. Pouvez-vous me dire avec des mots de quoi il s'agit ?",
	failed:       "Quelque chose n'a pas fonctionné de mon côté. Voulez-vous que je vous mette en relation avec une personne ?",
	source:       "Source",
	example:      "Exemple",
	talkToPerson: "Parler à une personne",
	yes:          "Oui", no: "Non", or: "ou",
	ask: map[variable.Kind]string{
		variable.KindName:  "Comment vous appelez-vous ?",
		variable.KindEmail: "Quelle est votre adresse e-mail ?",
		variable.KindPhone: "Quel est votre numéro de téléphone ?",
		variable.KindOrder: "Quel est votre numéro de commande ?",
	},
	askText:   "Que dois-je noter pour « %s » ?",
	askNumber: "Quel nombre dois-je noter pour « %s » ?",
	askDate:   "Quelle date dois-je noter pour « %s » ?",
	askYesNo:  "« %s » : oui ou non ?",
	askOption: "Que choisissez-vous pour « %s » : %s ?",
	wrong: map[variable.Kind]string{
		variable.KindName:  "Je n'ai pas compris le nom.",
		variable.KindEmail: "Cela ne ressemble pas à une adresse e-mail, comme nom@exemple.fr.",
		variable.KindPhone: "Je n'y ai pas trouvé de numéro de téléphone ; de préférence avec l'indicatif, comme +33 1 23 45 67 89.",
		variable.KindOrder: "Je n'y ai pas trouvé de numéro de commande.",
	},
	wrongNumber: "Il me faut un seul nombre, par exemple 3 ou 12,5.",
	wrongDate:   "Je n'y ai pas reconnu de date. Pouvez-vous l'écrire ainsi : 3 mars 2026 ?",
	wrongYesNo:  "Un simple oui ou non suffit.",
	wrongOption: "Merci de choisir parmi : %s.",
	wrongText:   "Je n'ai pas compris votre réponse.",
}
