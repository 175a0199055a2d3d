package builtin

import (
	"regexp"
	"strings"

	"parley/internal/lang"
)

// intent is what a message wants besides an answer from the knowledge.
type intent int

const (
	wantsAnswer intent = iota // a question, or anything else
	wantsPerson
	saysGoodbye
	saysThanks
	saysHello
	asksHowAreYou
	asksWhoAreYou
	asksWhatCanYouDo
	isContent // "ok", "great": nothing is asked
)

// The patterns match folded text: lower case, no diacritics. All languages are
// tried, since people change theirs when they want out.
var (
	person = regexp.MustCompile(strings.Join([]string{
		`\b(talk|speak|chat|connect|transfer|put)( me)?( through)?( to| with)?( an?| the| some| your| any)?( real| actual| live| human)* ?(person|human|someone|somebody|agent|operator|representative|rep|staff|colleague|manager|team|people|support|employee)\b`,
		`\b(get|give|want|need|call|send)( me)?( to)?( an?| the| some| your)?( real| actual| live| human)* ?(person|human|somebody|agent|operator|representative|manager|employee)\b`,
		`\b(real|actual|live|human) (person|human|being|agent|operator|support|help)\b`,
		`\b(can|could|may|let|would)( an?| some)?( real| actual)? ?(human|person|somebody|someone|colleague)\b`,
		`^(a |an )?(human|person|agent|operator|representative)( please)?[.! ]*$`,
		`\b(mit|an|zu)( eine[mnr]?| dem| der| ihre[mnr]?)?( echten| richtigen| realen)? ?(mensch|menschen|mitarbeiter|mitarbeiterin|person|jemandem|jemand|berater|beraterin|kollegen|kollegin|team)\b.*\b(sprech|red|chatt|verbind|weiterleit|schreib)`,
		`\b(sprech|red|verbind)\w*.*\b(mensch|menschen|mitarbeiter|mitarbeiterin|jemandem|berater)\b`,
		`\bechte[nr]? (mensch|person|mitarbeiter)|^(einen? )?(mensch|menschen|mitarbeiter)( bitte)?[.! ]*$`,
		`\b(parler|discuter|contacter|joindre)( a| avec)?( une?| quelqu'un| le| la| votre| vos)?( vraie?| veritable)? ?(personne|humain|conseillere?|agent|operateur|equipe|quelqu'un|responsable|service client)\b`,
		`\bparler a quelqu'un\b|\b(vraie personne|etre humain|un humain)\b`,
		`\b(hablar|chatear|contactar|comunicarme|pas\w+)( con)?( una?| el| la| su| algun)? ?(persona|humano|alguien|agente|operador|operadora|asesor|asesora|representante|responsable|equipo)\b`,
		`\b(persona real|ser humano|un humano|agente humano)\b`,
		`\b(falar|conversar|contactar|passar)( com| a| para)?( uma?| o| a| algum)? ?(pessoa|humano|alguem|atendente|agente|operador|operadora|responsavel|equipa|equipe)\b`,
		`\b(pessoa real|ser humano|um humano|atendente humano)\b`,
		`\bparlare con( una?| un)? ?(persona|qualcuno|operatore|umano)\b|\b(met|een) (een )?(mens|medewerker|iemand) (spreken|praten)\b`,
	}, "|"))

	goodbye = regexp.MustCompile(`\b(bye|goodbye|good bye|see you|see ya|farewell|cya|have a (nice|good|great|lovely) (day|evening|night|weekend|one)|good night)\b|` +
		`\b(that's all|that is all|that was all|that will be all|that'd be all|nothing else|no more questions|i'm done|all set)\b|` +
		`\b(tschuss|tschuess|tschau|auf wiedersehen|wiedersehen|bis bald|bis dann|schonen (tag|abend)|gute nacht|das war('s| es| alles)|das ist alles|nichts weiter|keine weiteren fragen)\b|` +
		`\b(au revoir|bonne journee|bonne soiree|bonne nuit|a bientot|c'est tout|ce sera tout|plus de questions?)\b|` +
		`\b(adios|hasta luego|hasta pronto|hasta la vista|chao|eso es todo|nada mas|es todo|que tenga (un )?buen)\b|` +
		`\b(tchau|adeus|ate logo|ate breve|ate mais|e tudo|era so isso|e so isso|mais nada|so isso)\b|` +
		`\b(arrivederci|e tutto|tot ziens|doei|dat was alles)\b`)

	thanks = regexp.MustCompile(`\b(thanks|thank you|thx|ty|cheers|appreciate|danke|dankeschon|vielen dank|besten dank|merci|gracias|obrigad[oa]|valeu|grazie|bedankt|dank je|dank u)\b`)

	howAreYou = regexp.MustCompile(`^(hi|hello|hey|hallo|hola|ola|oi|bonjour|salut)?[,! ]*(how are you( doing)?( today)?|how's it going|how do you do|wie geht es (dir|ihnen)|wie geht's|(comment )?ca va|comment allez[- ]vous|como esta(s| usted)?|que tal|tudo bem|como vai( voce)?|como esta)[?!. ]*$`)

	whoAreYou = regexp.MustCompile(`\b(are you|r u|am i (talking|speaking|chatting) (to|with)|is this)( an?| the)?( real| actual| just an?)* ?(bot|robot|human|person|ai|a\.i\.|chatbot|machine|chatgpt|gpt|computer|llm)\b|\b(who|what) are you\b|` +
		`\b(bist du|sind sie|ist das|spreche ich mit)( ein| eine| einem| einer)?( echte[rs]?)? ?(bot|roboter|mensch|menschen|ki|maschine|chatbot|person)\b|\bwer (bist du|sind sie)\b|` +
		`\b(etes[- ]vous|es[- ]tu|c'est)( une?)?( vraie?)? ?(robot|bot|humain|personne|ia|machine|chatbot)\b|\bqui (etes[- ]vous|es[- ]tu)\b|` +
		`\b(eres|es usted|es|hablo con)( una?)? ?(robot|bot|humano|persona|ia|maquina|chatbot)\b|\bquien (eres|es usted)\b|` +
		`\b(voce e|e|es|estou a falar com)( uma?)? ?(robo|robot|bot|humano|ia|maquina|chatbot)\b|\bquem (e voce|es tu)\b`)

	whatCanYouDo = regexp.MustCompile(`\b(what can you (do|help( me)? with|tell me)|how can you help|what do you know|what can i ask)\b|^(help|hilfe|aide|ayuda|ajuda)[!?. ]*$|` +
		`\b(was (kannst du|konnen sie)( alles)?( fur mich)?( tun)?\?|wobei (kannst du|konnen sie)|was wei(ss|ß)t du)|` +
		`\b(que (pouvez[- ]vous|peux[- ]tu) faire|comment pouvez[- ]vous m'aider)\b|` +
		`\b(que (puede|puedes) hacer|en que (puede|puedes) ayudar\w*)\b|\b(o que (pode|podes|voce pode) fazer|em que pode ajudar)\b`)

	content = regexp.MustCompile(`^(ok|okay|okey|k|alright|all right|great|perfect|good|fine|nice|cool|super|got it|i see|understood|wonderful|awesome|excellent|` +
		`gut|prima|alles klar|verstanden|toll|wunderbar|perfekt|klasse|passt|` +
		`d'accord|parfait|tres bien|bien|compris|genial|entendu|ca marche|` +
		`vale|perfecto|muy bien|entendido|de acuerdo|bueno|estupendo|` +
		`otimo|perfeito|muito bem|entendi|esta bem|certo|beleza|percebi|va bene|perfetto|top|prima)[.!, ]*$`)

	refusal = regexp.MustCompile(`\b(skip|rather not|prefer not|don't want to|do not want to|won't (say|tell)|not (telling|saying)|none of your|no comment|i don't (know|have)|don't have (it|one)|not sure|` +
		`lieber nicht|mochte (ich )?nicht|keine angabe|uberspringen|weiss (ich )?nicht|habe (ich )?(keine|nicht)|` +
		`prefere pas|prefere ne pas|ne (veux|souhaite) pas|passer|sais pas|n'ai pas|` +
		`prefiero no|no quiero|saltar|no (lo )?se|no (lo |la )?tengo|` +
		`prefiro nao|nao quero|pular|saltar|nao sei|nao tenho)\b`)

	greetingWord = regexp.MustCompile(`^(hi+|hello+|hey+|hiya|howdy|yo|there|good|morning|afternoon|evening|day|greetings|team|everyone|all|` +
		`hallo|hallochen|moin|servus|gruezi|guten|tag|abend|morgen|gruss|gott|zusammen|` +
		`bonjour|bonsoir|salut|coucou|madame|monsieur|a|tous|` +
		`hola|buenos|buenas|dias|tardes|noches|que|tal|ola|oi|bom|boa|dia|tarde|noite|ciao|buongiorno|buonasera|salve|hoi|dag|goedemorgen|goedendag)$`)

	interrogative = regexp.MustCompile(`^(so |and |but |und |et |y |e )?(what|when|where|which|who|whose|why|how|do|does|did|is|are|can|could|will|would|should|may|have|has|` +
		`was|wann|wo|wer|wie|wieso|warum|welche\w*|wohin|woher|gibt|haben|habt|kann|konnen|konnt|ist|sind|macht|bietet|liefert|` +
		`que|quel\w*|quand|ou|qui|comment|combien|pourquoi|est-ce|avez|pouvez|puis-je|peut-on|livrez|` +
		`cuando|donde|cual\w*|quien|como|cuant\w*|por que|tiene\w*|puedo|pueden|hay|hacen|` +
		`quando|onde|qual|quais|quem|quant\w*|porque|tem|posso|podem|ha|fazem)\b`)
)

// longestSmallTalk is how many words a message of courtesy has at most; a
// longer one wants something.
const longestSmallTalk = 8

// intentOf reads a message.
func intentOf(text string) intent {
	folded := strings.TrimSpace(lang.Fold(text))
	words := len(strings.Fields(folded))
	short := words <= longestSmallTalk
	switch {
	case person.MatchString(folded):
		return wantsPerson
	case short && howAreYou.MatchString(folded):
		return asksHowAreYou
	case short && whoAreYou.MatchString(folded):
		return asksWhoAreYou
	case short && whatCanYouDo.MatchString(folded):
		return asksWhatCanYouDo
	case short && goodbye.MatchString(folded) && !isQuestion(text):
		return saysGoodbye
	case short && thanks.MatchString(folded) && !isQuestion(text):
		return saysThanks
	case words <= 5 && isGreeting(folded):
		return saysHello
	case content.MatchString(folded):
		return isContent
	}
	return wantsAnswer
}

func isGreeting(folded string) bool {
	words := strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(" ,.!👋😊🙂", r) })
	for _, w := range words {
		if !greetingWord.MatchString(w) {
			return false
		}
	}
	return len(words) > 0
}

// isQuestion reports whether a text has the form of a question.
func isQuestion(text string) bool {
	text = strings.TrimSpace(text)
	return strings.ContainsAny(text, "?？¿") || interrogative.MatchString(lang.Fold(text))
}
