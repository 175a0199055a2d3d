// Package topic groups short texts, the questions that people ask, by what
// they are about: stems weighted by TF-IDF, a latent space of few dimensions,
// clustering, and labels by class-based TF-IDF. It needs no model, no network
// and no vector database, and the same texts always give the same topics.
//
// A grouping is learned from a sample and then applied to any number of texts.
// Learning anew begins with the topics that the texts have, so that a topic is
// the same one tomorrow. The package keeps nothing and must never see more of
// a conversation than the text of its question.
package topic
