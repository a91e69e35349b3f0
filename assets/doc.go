// Package assets is what the program carries with it: fonts, the icon, texts,
// marketplace descriptors, page rules and the joint-force protocol's document,
// as bytes. It knows what its files are called and nothing of their use; the data that
// says where it is from ([Origin]) is read with [Entry] and [Entries].
package assets
