//go:build headless

package gui

import (
	"context"
	"errors"

	"touchstone/app/gui/model"
)

// Run says that this build has no window.
func Run(context.Context, model.Services) error {
	return errors.New("this build has no window: use the commands (touchstone --help), or build without -tags headless")
}
