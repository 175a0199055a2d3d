package lang

import (
	"slices"
	"strings"
)

// synonyms are groups of words that mean about the same where people ask a
// business something. Each line is a group.
var synonyms = map[string][][]string{
	English: groups(`delivery deliver delivered ship shipping ships shipped shipment
		parcel package shipment
		refund refunded reimbursement reimburse return returns
		price prices cost costs charge fee
		cancel cancelling cancellation terminate stop
		open opening hours
		phone telephone call
		decaf decaffeinated
		damaged broken torn defective
		guarantee warranty
		location address located
		pause suspend
		gift present voucher`),
	German: groups(`versand lieferung lieferzeit zustellung liefern liefert verschicken geliefert
		paket sendung
		rückgabe umtausch retoure zurückgeben zurücksenden umtauschen
		preis preise kosten kostet
		kündigen beenden kündigung stornieren
		geöffnet offen öffnungszeiten
		abo abonnement
		entkoffeiniert entkoffeinierten entkoffeinierter decaf
		beschädigt kaputt defekt zerrissen
		adresse anschrift standort
		gutschein geschenkkarte
		erstattung geld zurückgeben rückgabe`),
	French: groups(`livraison livrer livrez envoi expédition
		colis paquet
		retour retours renvoyer rembourser remboursement
		prix coût coûte tarif
		résilier annuler arrêter
		ouvert ouverts horaires ouverture ouvrez
		abonnement abonner
		suspendre pause
		décaféiné déca
		abîmé cassé endommagé
		carte-cadeau bon`),
	Spanish: groups(`envío envíos entrega enviar envían
		paquete pedido
		devolución devoluciones devolver reembolso
		precio precios costo cuesta coste
		cancelar anular
		abierto abierta horario abre abren abrir
		suscripción abono
		descafeinado descafeinados
		dañado roto rota`),
	Portuguese: groups(`entrega entregas envio enviar entregam
		encomenda pedido
		devolução devoluções devolver reembolso
		preço preços custo custa
		cancelar anular
		aberto aberta horário abre abrem
		subscrição assinatura
		descafeinado descafeinados
		danificado partido estragado
		morada endereço`),
}

func groups(list string) [][]string {
	var out [][]string
	for line := range strings.SplitSeq(list, "\n") {
		out = append(out, strings.Fields(line))
	}
	return out
}

// Synonyms returns the words that mean about the same as a lower-case word in
// the language, without the word itself.
func Synonyms(word, language string) []string {
	var out []string
	for _, g := range synonyms[language] {
		if !slices.Contains(g, word) {
			continue
		}
		for _, w := range g {
			if w != word && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// implication is what a way to ask means without saying it.
type implication struct {
	asked []string // parts of a question, in lower case
	means string
}

// implications are the ways to ask of each language for a price, for a place
// and for opening hours.
var implications = map[string][]implication{
	English: {
		{[]string{"how much", "how expensive"}, "costs"},
		{[]string{"where are you", "where is your", "where can i find you", "where's your"}, "address"},
		{[]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend"}, "open"},
	},
	German: {
		{[]string{"wie viel", "wieviel", "was macht", "wie teuer"}, "kosten"},
		{[]string{"wo seid", "wo sind sie", "wo finde", "wo ist euer", "wo ist ihr"}, "adresse"},
		{[]string{"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "wochenende"}, "geöffnet"},
	},
	French: {
		{[]string{"combien"}, "coûte"},
		{[]string{"où êtes", "où se trouve", "où est votre"}, "adresse"},
		{[]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "week-end"}, "ouvert"},
	},
	Spanish: {
		{[]string{"cuánto", "cuanto"}, "cuesta"},
		{[]string{"dónde están", "donde estan", "dónde se encuentra", "dónde está la tienda"}, "dirección"},
		{[]string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"}, "abierto"},
	},
	Portuguese: {
		{[]string{"quanto"}, "custa"},
		{[]string{"onde ficam", "onde estão", "onde fica a loja"}, "morada"},
		{[]string{"segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo"}, "aberto"},
	},
	Italian: {{[]string{"quanto"}, "costa"}},
	Dutch:   {{[]string{"hoeveel"}, "kost"}},
}

// Implied returns the words that a question means and does not say.
func Implied(question, language string) []string {
	lower := strings.ToLower(question)
	var out []string
	for _, i := range implications[language] {
		if slices.ContainsFunc(i.asked, func(s string) bool { return strings.Contains(lower, s) }) {
			out = append(out, i.means)
		}
	}
	return out
}
