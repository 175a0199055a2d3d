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
		refund refunded reimbursement reimburse money-back
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
		adresse standort
		gutschein geschenkkarte`),
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
		adresse boutique`),
	Spanish: groups(`envío envíos entrega enviar envían
		paquete pedido
		devolución devoluciones devolver reembolso
		precio precios costo cuesta coste
		cancelar anular
		abierto abierta horario abre abren abrir
		suscripción abono
		descafeinado descafeinados
		dañado roto rota
		dirección tienda`),
	Portuguese: groups(`entrega entregas envio enviar entregam
		encomenda pedido
		devolução devoluções devolver reembolso
		preço preços custo custa
		cancelar anular
		aberto aberta horário abre abrem
		subscrição assinatura
		descafeinado descafeinados
		danificado partido estragado
		morada endereço loja`),
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

// asksForPrice are the beginnings of questions about money, which need not name
// it: "how much is …".
var asksForPrice = map[string][]string{
	English: {"how much"}, German: {"wie viel", "wieviel", "was macht"}, French: {"combien"},
	Spanish: {"cuánto", "cuanto"}, Portuguese: {"quanto"}, Italian: {"quanto"}, Dutch: {"hoeveel"},
}

// priceWord is how each language names what it costs.
var priceWord = map[string]string{
	English: "costs", German: "kosten", French: "coûte", Spanish: "cuesta", Portuguese: "custa", Italian: "costa", Dutch: "kost",
}

// Implied returns a word that a question means and does not say, "" if none.
func Implied(question, language string) string {
	lower := strings.ToLower(question)
	for _, p := range asksForPrice[language] {
		if strings.Contains(lower, p) {
			return priceWord[language]
		}
	}
	return ""
}
