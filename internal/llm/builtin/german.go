package builtin

import "parley/internal/variable"

var german = phrases{
	hello:      []string{"Guten Tag! Was kann ich für Sie tun?", "Hallo! Wie kann ich Ihnen helfen?"},
	helloAgain: []string{"Hallo! Was möchten Sie wissen?", "Hallo! Ich bin ganz Ohr."},
	howAreYou:  []string{"Sehr gut, danke der Nachfrage! Was kann ich für Sie tun?"},
	welcome: []string{
		"Sehr gerne! Kann ich sonst noch etwas für Sie tun?",
		"Gern geschehen. Haben Sie noch eine Frage?",
		"Keine Ursache. Schreiben Sie einfach, wenn noch etwas ist.",
	},
	goodbye: []string{"Auf Wiedersehen, und danke für Ihre Nachricht!", "Alles Gute und bis bald!"},
	whoAmI: []string{
		"Ich bin ein automatischer Assistent, kein Mensch: Ich antworte wörtlich aus dem, was das Team aufgeschrieben hat. Wenn Sie lieber mit einem Menschen sprechen möchten, sagen Sie es einfach.",
	},
	canDo: []string{
		"Fragen Sie mich in Ihren eigenen Worten. Ich sehe in den Unterlagen des Teams nach und sage Ihnen, wo es steht. Wenn ich nicht weiterweiß, hole ich einen Menschen dazu.",
	},
	dontKnow: []string{
		"Das finde ich in meinen Unterlagen leider nicht.",
		"Darauf habe ich keine Antwort, und raten möchte ich nicht.",
		"Dazu steht leider nichts in meinen Notizen.",
	},
	nearest:     "Am nächsten kommt, was ich über %s habe.",
	offerPerson: "Soll ich einen Menschen dazuholen?",
	handingOver: []string{
		"Natürlich. Ich gebe Sie an einen Menschen weiter, der alles lesen kann, was Sie hier geschrieben haben. Einen Moment bitte.",
		"Gerne. Jemand aus dem Team übernimmt und kann lesen, was wir bisher geschrieben haben.",
	},
	goOn:         []string{"In Ordnung. Was möchten Sie sonst noch wissen?", "Kein Problem. Was kann ich sonst für Sie tun?"},
	glad:         []string{"Schön! Kann ich sonst noch etwas tun?", "Prima. Fragen Sie einfach, wenn noch etwas ist."},
	perhaps:      []string{"Ich bin nicht sicher, ob Sie das meinen, aber ich habe das hier gefunden:", "Vielleicht hilft Ihnen das:"},
	thanksFor:    "Vielen Dank, %s!",
	noted:        []string{"Danke, ich habe %s notiert.", "Alles klar: %s."},
	oneMore:      []string{"Darf ich Sie auch etwas fragen?", "Noch etwas, damit wir Ihnen besser helfen können:"},
	allDone:      []string{"Das ist alles, was ich brauche, vielen Dank. Was kann ich noch für Sie tun?", "Wunderbar, ich habe alles. Haben Sie noch eine Frage?"},
	noMatter:     []string{"Kein Problem, lassen wir das. Was kann ich für Sie tun?", "Das macht nichts, es geht auch ohne. Wie kann ich helfen?"},
	noFiles:      "Bilder und Dateien kann ich leider nicht ansehen. Können Sie mir in Worten sagen, worum es geht?",
	failed:       "Bei mir hat gerade etwas nicht geklappt. Soll ich einen Menschen dazuholen?",
	source:       "Quelle",
	example:      "Beispiel",
	talkToPerson: "Mit einem Menschen sprechen",
	yes:          "Ja", no: "Nein", or: "oder",
	ask: map[variable.Kind]string{
		variable.KindName:  "Wie heißen Sie?",
		variable.KindEmail: "Wie lautet Ihre E-Mail-Adresse?",
		variable.KindPhone: "Wie lautet Ihre Telefonnummer?",
		variable.KindOrder: "Wie lautet Ihre Bestellnummer?",
	},
	askText:   "Was darf ich für „%s“ notieren?",
	askNumber: "Welche Zahl darf ich für „%s“ notieren?",
	askDate:   "Welches Datum darf ich für „%s“ notieren?",
	askYesNo:  "„%s“: ja oder nein?",
	askOption: "Was darf es bei „%s“ sein: %s?",
	wrong: map[variable.Kind]string{
		variable.KindName:  "Ich habe den Namen nicht verstanden.",
		variable.KindEmail: "Das sieht nicht nach einer E-Mail-Adresse aus; sie sollte aussehen wie name@beispiel.de.",
		variable.KindPhone: "Ich konnte darin keine Telefonnummer finden; am besten mit Vorwahl, etwa +49 30 1234567.",
		variable.KindOrder: "Ich konnte darin keine Bestellnummer finden.",
	},
	wrongNumber: "Ich brauche hier eine einzelne Zahl, zum Beispiel 3 oder 12,5.",
	wrongDate:   "Darin konnte ich kein Datum erkennen. Schreiben Sie es bitte so: 3. März 2026.",
	wrongYesNo:  "Ein einfaches Ja oder Nein genügt.",
	wrongOption: "Bitte wählen Sie eines davon: %s.",
	wrongText:   "Das habe ich nicht als Antwort verstanden.",
}
