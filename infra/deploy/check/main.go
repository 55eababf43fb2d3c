// Check reads deployment files as the tools that will read them do, and prints what it read as JSON. It needs neither a cluster nor a
// container engine.
//
//	check kustomize DIR   renders as kustomize does; refuses fields that Kubernetes does not know, and pods that `restricted` does not admit
//	check compose FILE    loads as Docker Compose does
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Answer is what is printed: objects as the tool understands them, and what is wrong with them.
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
