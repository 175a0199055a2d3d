package lang

// functionWords are the words that every text of a language is full of. They
// tell languages apart and say nothing about what a text is about.
var functionWords = map[string]map[string]bool{
	English: set(`a about after again all also am an and any are as at be because been before being but by can could
		did do does doing done down each few for from had has have having he her here hers him his how i if in into is it its
		just me more most much my no nor not now of off on once only or other our ours out over own re s same she should so
		some such t than that the their them then there these they this those through to too under until up us very
		was we were what when where which while who whom why will with would you your yours yes d ll m ve don doesn isn
		aren didn won couldn wouldn shouldn haven hasn many every may might must shall within without during per`),
	German: set(`aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist da damit
		dann das dass daß dein deine dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch
		ein eine einem einen einer eines er es etwas euch euer eure für gegen habe haben hat hatte hier hinter ich ihm ihn
		ihnen ihr ihre ihrem ihren im in ins ist ja jede jeden jeder jedes jetzt kann kein keine keinen können könnte könnten
		man mein meine meinem meinen meiner mich mir mit muss müssen nach nein nicht noch nur ob oder ohne sehr sein seine sich
		sie sind so soll sollte über um und uns unser unsere unter vom von vor war waren was wann warum weil welche welchen
		welcher welches wenn wer werde werden wie wieder will wir wird wo woher wohin worden wurde würde zu zum zur zwischen
		habt seid könnt wollt gibt es geht darf dürfen eigentlich mal bitte hätte möchte möchten sowie wieviel viel viele`),
	French: set(`à afin ai alors après as au aucun aussi autre aux avant avec avez avoir avons c ça car ce ceci cela ces cet cette
		chez comme comment d dans de des donc dont du elle elles en encore entre es est et êtes étaient était eu fait faire
		faut font il ils j jamais je jusqu l la le les leur leurs lui là ma mais me mes moi mon n ne ni nos notre nous on ont
		où ou par pas pendant peu peut peux plus pour pourquoi pouvez puis puisse qu quand que quel quelle quelles quels qui quoi s sa
		sans se ses si son sont sous suis sur t ta te tes toi ton tous tout toute toutes très tu un une vers vos votre
		vous y combien quelque quelques être`),
	Spanish: set(`a al algo alguna alguno ante antes aquí así aun aunque bajo bien cada casi como cómo con cual cuál cuáles cuando
		cuándo cuánto cuánta cuántos de del desde donde dónde durante e el él ella ellas ellos en entre era eran es esa ese eso esta está
		están estas este esto estos estoy fue ha hace hacer hacia han hasta hay he la las le les lo los más me mi mis mucho muy
		nada ni no nos nosotros nuestra nuestro o os otra otro para pero poco por porque puede pueden puedo que qué quien
		quién se sea ser si sí sin sobre son soy su sus también te ti tiene tienen tengo toda todas todo todos tu tú tus un
		una uno unos usted ustedes y ya yo cuanto`),
	Portuguese: set(`a à ao aos as às até com como da das de dela dele deles depois do dos e é ela elas ele eles em entre era
		essa esse esta está estão este eu foi há isso isto já lhe mais mas me mesmo meu meus minha minhas muito na não nas
		nem no nos nós nossa nosso num numa o onde os ou para pela pelas pelo pelos por porque posso pode podem pra qual quais quando quanto
		quantos que quem se sem ser seu seus só sua suas são também te tem têm tenho toda todas todo todos tu tua um uma
		umas uns você vocês vos quanta`),
	Italian: set(`a ad ai al alla alle allo anche avere c che chi ci come con cosa da dai dal dalla de dei del della delle di dove e è
		ed era essere gli ha hai hanno ho i il in io l la le lei lo loro lui ma mi mio mia molto ne nei nel nella no noi non nostro o
		per perché più può posso quale quali quando quanto quella quello questa questo se sei si sì siete sono su sua sue sul suo tra tu
		tutti tutto un una uno vi voi vostro avete`),
	Dutch: set(`aan al alles als bij dan dat de der deze die dit doen door dus een en er ge geen had heb hebben heeft hem het hier
		hij hoe hun iets ik in is ja je jij jullie kan kunnen kunt maar me meer met mij mijn moet na naar niet nog nu of om omdat
		onder ons onze ook op over te tegen toch toen tot u uit uw van veel voor waar wanneer want waren was wat we wel welke
		werd wie wij wil worden wordt zal ze zich zij zijn zo zou`),
}

// courtesies surround a question and are not what it asks for.
var courtesies = map[string]map[string]bool{
	English: set(`please hello hi hey thanks thank tell know knowing wonder wondering want wanted like help question questions ask asking
		get got give need let ok okay sure maybe possible explain info information anyone someone something anything say
		quick morning evening afternoon good dear regards mean understand find see look looking interested currently still
		exactly actually really`),
	German: set(`hallo hi guten tag morgen abend danke dankeschön wissen weiß sagen sag gerne gern frage fragen hilfe helfen brauche
		bräuchte info information moin servus liebe grüße mitteilen erklären vielleicht kurz nochmal eben genau`),
	French: set(`bonjour salut bonsoir merci svp s'il plaît plait savoir sais dire dites voudrais voudrait aimerais question questions aide aider
		veux besoin info information renseignement expliquer exactement possible est-ce`),
	Spanish: set(`hola buenos buenas días dias tardes noches gracias favor saber sabe decir dime decirme quiero quisiera querría gustaría
		pregunta preguntas ayuda ayudar necesito info información explicar exactamente posible`),
	Portuguese: set(`olá ola oi bom boa dia tarde noite obrigado obrigada favor saber sabe dizer diz quero queria gostaria
		pergunta perguntas ajuda ajudar preciso info informação explicar exatamente possível`),
	Italian: set(`ciao buongiorno buonasera grazie favore sapere dire vorrei voglio domanda domande aiuto aiutare bisogno informazioni`),
	Dutch:   set(`hallo hoi goedemorgen goedendag dank bedankt alstublieft weten zeggen graag vraag vragen hulp helpen informatie`),
}

// greetings are words that betray a language in messages of two words.
var greetings = map[string]map[string]bool{
	English: set(`hello hey thanks thank please bye goodbye morning yes yeah great hours open opening delivery price shipping order
		return refund person human talk someone name coffee`),
	German: set(`hallo moin servus danke dankeschön tschüss tschüß bitte guten ja nein wiedersehen mitarbeiter mensch sprechen jemand
		lieferung versand bestellung öffnungszeiten rückgabe kaffee heiße`),
	French: set(`bonjour salut bonsoir merci oui revoir plaît plait quelqu humain conseiller parler livraison commande retour
		remboursement horaires prix personne m'appelle appelle café`),
	Spanish: set(`hola gracias buenos buenas adiós adios sí favor persona alguien humano hablar envío envíos pedido devolución horario
		precio cuesta llamo café hasta luego`),
	Portuguese: set(`olá ola oi obrigado obrigada tchau adeus sim pessoa alguém humano falar entrega envio pedido encomenda
		devolução horário preço custa chamo café bom boa`),
	Italian: set(`ciao buongiorno buonasera grazie arrivederci sì persona qualcuno umano parlare spedizione ordine reso prezzo`),
	Dutch:   set(`hoi goedemorgen goedendag dank bedankt dag ja nee iemand mens spreken bezorging verzending bestelling`),
}

// weak words shape a question more than they name its subject: "how long does
// it take" is about whatever takes long.
var weak = map[string]map[string]bool{
	English:    set(`take takes long work works offer offers sell sells come go goes make use buy today tomorrow next new old often usually time times start starts begin end difference different between compare`),
	German:     set(`dauert dauern lange lang funktioniert bietet bieten verkauft verkaufen kaufen kommt kommen heute morgen oft neu beginnt startet anfangen`),
	French:     set(`dure prend temps longtemps marche proposez vendez vendre acheter aujourd'hui demain souvent coûte`),
	Spanish:    set(`tarda tardan tiempo funciona ofrecen venden vender comprar hoy mañana llega llegan`),
	Portuguese: set(`demora demoram tempo funciona oferecem vendem vender comprar hoje amanhã chega chegam`),
	Italian:    set(`tempo dura funziona offrite vendete comprare oggi domani arriva`),
	Dutch:      set(`duurt lang werkt verkopen verkoopt kopen vandaag morgen komt`),
}

// Weak reports whether a lower-case word says little about the subject of a
// question in the language.
func Weak(word, language string) bool { return weak[language][word] }

// Stop reports whether a lower-case word says nothing about the subject of a
// question in the language. An unknown language has no such words.
func Stop(word, language string) bool {
	return functionWords[language][word] || courtesies[language][word]
}
