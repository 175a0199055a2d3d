// Command openapi prints the OpenAPI document of Parley's API, from which the
// dashboard's client is generated.
package main

import (
	"fmt"
	"os"

	"parley/internal/server"
)

func main() {
	doc, err := server.OpenAPI()
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
	fmt.Println(string(doc))
}
