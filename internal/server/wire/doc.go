// Package wire is the API as it looks in JSON: the types of requests and
// answers, how the domain's nouns become them, how strictly they are read, and
// the problems that errors become. It calls nobody and decides nothing; secrets
// end here.
package wire
