package money

import "strings"

// currencyOf is the currency in use in a country (ISO 3166 to ISO 4217).
var currencyOf = map[string]string{
	"US": "USD", "EC": "USD", "SV": "USD", "PR": "USD", "PA": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "HK": "HKD", "SG": "SGD", "TW": "TWD", "MX": "MXN", "CL": "CLP", "AR": "ARS", "CO": "COP", "UY": "UYU", "BR": "BRL", "PE": "PEN", "BO": "BOB", "PY": "PYG", "VE": "VES", "CR": "CRC", "GT": "GTQ", "DO": "DOP", "JM": "JMD", "TT": "TTD",
	"GB": "GBP", "UK": "GBP", "IE": "EUR", "DE": "EUR", "AT": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "PT": "EUR", "NL": "EUR", "BE": "EUR", "LU": "EUR", "FI": "EUR", "EE": "EUR", "LV": "EUR", "LT": "EUR", "SK": "EUR", "SI": "EUR", "GR": "EUR", "MT": "EUR", "CY": "EUR", "HR": "EUR", "ME": "EUR", "XK": "EUR",
	"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CH": "CHF", "LI": "CHF", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "MD": "MDL", "BG": "BGN", "RS": "RSD", "BA": "BAM", "MK": "MKD", "AL": "ALL", "TR": "TRY", "UA": "UAH", "RU": "RUB", "BY": "BYN", "KZ": "KZT", "UZ": "UZS", "KG": "KGS", "GE": "GEL", "AM": "AMD", "AZ": "AZN",
	"JP": "JPY", "CN": "CNY", "KR": "KRW", "IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "BD": "BDT", "ID": "IDR", "MY": "MYR", "PH": "PHP", "TH": "THB", "VN": "VND", "MO": "MOP", "MN": "MNT", "KH": "KHR", "LA": "LAK", "MM": "MMK",
	"IL": "ILS", "AE": "AED", "SA": "SAR", "QA": "QAR", "KW": "KWD", "BH": "BHD", "OM": "OMR", "JO": "JOD", "LB": "LBP", "EG": "EGP", "MA": "MAD", "TN": "TND", "DZ": "DZD", "IQ": "IQD", "IR": "IRR", "ZA": "ZAR", "KE": "KES", "NG": "NGN", "GH": "GHS", "TZ": "TZS", "UG": "UGX", "SN": "XOF", "CI": "XOF", "CM": "XAF",
}

// Local is the currency in use in a country (ISO 3166), or empty.
func Local(region string) string { return currencyOf[strings.ToUpper(region)] }
