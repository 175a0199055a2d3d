package builtin

import "parley/internal/variable"

var english = phrases{
	hello:      []string{"Hello! What can I do for you?", "Hi there! How can I help?"},
	helloAgain: []string{"Hi! What would you like to know?", "Hello! Go ahead, I'm listening."},
	howAreYou:  []string{"Very well, thank you! What can I do for you?"},
	welcome: []string{
		"You're welcome! Is there anything else I can do?",
		"Happy to help. Anything else?",
		"My pleasure. Just write if something else comes up.",
	},
	goodbye: []string{"Goodbye, and thank you for writing!", "Take care, and see you soon!"},
	whoAmI: []string{
		"I'm an automated assistant, not a person: I answer from what the team has written down, word for word. If you would rather talk to a person, just say so.",
	},
	canDo: []string{
		"Ask me anything in your own words. I look it up in what the team has written down and tell you where it stands. If I can't help, I pass you to a person.",
	},
	dontKnow: []string{
		"I'm sorry, I can't find that in what the team has given me.",
		"I don't have an answer to that, and I'd rather not guess.",
		"That isn't in my notes, I'm afraid.",
	},
	nearest:     "The closest I have is about %s.",
	offerPerson: "Shall I pass you to a person?",
	handingOver: []string{
		"Of course. I'm passing you to a person, who will see everything you wrote here. One moment, please.",
		"Gladly. Someone from the team will take over from here and can read what we wrote so far.",
	},
	goOn:         []string{"All right. What else would you like to know?", "No problem. What else can I do for you?"},
	glad:         []string{"Good! Is there anything else?", "Great. Just ask if something else comes up."},
	perhaps:      []string{"I'm not certain this is what you mean, but I found this:", "Perhaps this helps:"},
	thanksFor:    "Thank you, %s!",
	noted:        []string{"Thank you, I've noted %s.", "Got it: %s."},
	oneMore:      []string{"May I ask you something, too?", "One more thing, so that we can help you better:"},
	allDone:      []string{"That's all I need, thank you. What else can I do for you?", "Perfect, I have everything. Is there anything else?"},
	noMatter:     []string{"No problem, let's leave that. What can I do for you?", "That's all right, we can do without. How can I help?"},
	noFiles:      "I can't look at pictures or files, I'm afraid. Could you tell me in words what it is about?",
	failed:       "Something didn't work on my side just now. Shall I pass you to a person?",
	source:       "Source",
	example:      "Example",
	talkToPerson: "Talk to a person",
	yes:          "Yes", no: "No", or: "or",
	ask: map[variable.Kind]string{
		variable.KindName:  "What is your name?",
		variable.KindEmail: "What is your e-mail address?",
		variable.KindPhone: "What is your phone number?",
		variable.KindOrder: "What is your order number?",
	},
	askText:   "What is your %s?",
	askNumber: "Which number should I note for “%s”?",
	askDate:   "Which date should I note for “%s”?",
	askYesNo:  "“%s”: yes or no?",
	askOption: "Which %s would you like: %s?",
	wrong: map[variable.Kind]string{
		variable.KindName:  "I didn't catch a name there.",
		variable.KindEmail: "That doesn't look like an e-mail address; it should look like name@example.com.",
		variable.KindPhone: "I couldn't find a phone number in that; with the country code is best, such as +44 20 7946 0000.",
		variable.KindOrder: "I couldn't find an order number in that.",
	},
	wrongNumber: "I need a single number there, such as 3 or 12.5.",
	wrongDate:   "I couldn't read a date in that. Could you write it like 3 March 2026?",
	wrongYesNo:  "A simple yes or no is enough.",
	wrongOption: "Please choose one of these: %s.",
	wrongText:   "I didn't understand that as an answer.",
}
