// Package world holds who and what is simulated: the business with its accounts
// and numbers, the people with their phones, and what goes wrong.
package world
