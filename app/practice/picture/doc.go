// Package picture draws the product pictures of the practice marketplace:
// handbags, watches, earphones, shoes, spectacles and scent, each in several
// views, for brands that do not exist. A picture is a function of its [Spec]
// alone, so that the same offer shows the same bytes every time, and a seller
// who relists with old pictures can be recognised by them.
//
// It draws shapes and knows nothing of offers, prices or who is genuine.
package picture
