package market

import (
	"time"

	"touchstone/store/evidence"
)

// Brand is the practice brand with its one registered mark and its signatory,
// as on the day now. Its number is not one that the register gives out.
func Brand(now time.Time) evidence.BrandFile {
	owner := evidence.Organisation{
		Name: "Aurelia Maison S.r.l. (practice)", Address: "Via dell'Esempio 12\n20121 Milano", Country: "IT",
		Email: "brand.protection@aurelia-maison.example", Phone: "+1 202 555 0110", URL: "https://aurelia-maison.example",
	}
	return evidence.BrandFile{
		Brand: evidence.Brand{
			Name: "Aurelia", Owner: owner, Site: "https://aurelia-maison.example",
			Products: []evidence.Product{
				{Model: "Lyra 28", Name: "Lyra top handle bag", Price: "1299.00", Currency: "EUR"},
				{Model: "Meridian 36", Name: "Meridian automatic chronograph", Price: "1450.00", Currency: "USD"},
				{Model: "Corso", Name: "Corso low sneaker", Price: "210.00", Currency: "GBP"},
				{Model: "Echo Pro", Name: "Echo Pro wireless earphones", Price: "149.00", Currency: "USD"},
				{Model: "Sole", Name: "Sole sunglasses", Price: "230.00", Currency: "EUR"},
				{Model: "No. 7", Name: "No. 7 eau de parfum 100 ml", Price: "118.00", Currency: "USD"},
			},
			GenuineMarkers: []string{
				"the bar of the A in the device is a rising sun",
				"twelve stitches to the inch, thread in the colour of the leather",
				"numbered card that can be checked against the register",
			},
			CounterfeitFeatures: []string{
				"the bar of the A in the device is straight",
				"wordmark spelt AURELLA",
				"long white stitches",
				"logo offered as an option, or sent separately",
			},
			AuthorisedSellers: []string{"Aurelia Official Store", "Nordlicht Boutique"},
		},
		Rights: []evidence.Right{{
			Type: evidence.Trademark, Name: "AURELIA", Number: "990000142", Office: "EUIPO", Jurisdiction: "EU",
			Classes: []int{3, 9, 14, 18, 25}, Owner: owner,
			ValidFrom: now.AddDate(-6, 0, 0).Format(time.DateOnly), Expires: now.AddDate(4, 0, 0).Format(time.DateOnly),
		}},
		Signatories: []evidence.Signatory{{Name: "Chiara Esempio", Title: "Head of Brand Protection", Email: "chiara.esempio@aurelia-maison.example"}},
	}
}
