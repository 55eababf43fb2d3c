package main

import (
	"context"

	"github.com/compose-spec/compose-go/v2/cli"
)

// readCompose loads a file with the loader of Docker Compose. It checks schema, interpolation and references between
// services, networks and secrets.
func readCompose(file string) (Answer, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithResolvedPaths(true))
	if err != nil {
		return Answer{}, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return Answer{}, err
	}
	return Answer{Objects: []any{project}, Problems: []string{}}, nil
}
