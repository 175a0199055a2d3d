// Package graph holds the rules of the Graph API that need no memory: what a
// request may say, what a template may hold, which errors there are and how a
// body is encoded.
package graph
