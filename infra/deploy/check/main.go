// Check loads deployment files with the tools that use them, and prints the result as JSON. It needs neither a cluster
// nor a container engine.
//
//	check kustomize DIR   renders with kustomize; reports unknown fields, and pods that the `restricted` profile does not admit
//	check compose FILE    loads with the loader of Docker Compose
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Answer is the printed result: the loaded objects, and their problems.
type Answer struct {
	Objects  []any    `json:"objects"`
	Problems []string `json:"problems"`
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: check kustomize DIR | check compose FILE"))
	}
	readers := map[string]func(string) (Answer, error){"kustomize": readKustomization, "compose": readCompose}
	read, known := readers[os.Args[1]]
	if !known {
		fail(fmt.Errorf("no command named %s", os.Args[1]))
	}
	answer, err := read(os.Args[2])
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
