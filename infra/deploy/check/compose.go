package main

import (
	"context"

	"github.com/compose-spec/compose-go/v2/cli"
)

// readCompose loads a file with compose's own loader: schema, interpolation, references between services, networks, secrets.
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
