package cli

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"touchstone/app/desk"
)

// proxyPassword is the environment variable with the password of --proxy. It is
// no flag: other users of the machine can read command lines.
const proxyPassword = "TOUCHSTONE_PROXY_PASSWORD"

// proxyFlags adds the flags for the user's own way to the network.
func (p *Program) proxyFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.proxy, "proxy", "", "http:// or socks5://[USER@]HOST:PORT that captures go through; its password is asked for, or in $"+proxyPassword)
	cmd.Flags().BoolVar(&p.proxyResolves, "proxy-resolves", false, "let the proxy look up names, as one in another region should; server addresses are then not known")
}

// proxyURL is the address of the flags' proxy with its password, nil without
// one. Errors count as wrong usage.
func (p *Program) proxyURL() (*url.URL, error) {
	if p.proxy == "" {
		if p.proxyResolves {
			return nil, usage(errors.New("--proxy-resolves is about a proxy: give --proxy too"))
		}
		return nil, nil
	}
	u, err := p.readProxy()
	if err == nil {
		err = desk.CheckProxy(u)
	}
	if err != nil {
		return nil, usage(fmt.Errorf("--proxy: %w", err))
	}
	return u, nil
}

// readProxy reads the address and gets the password.
func (p *Program) readProxy() (*url.URL, error) {
	u, err := url.Parse(p.proxy)
	if err != nil || u.Host == "" {
		return nil, errors.New("not the address of a proxy: want it as in http://proxy.example:3128 or socks5://user@proxy.example:1080")
	}
	if _, stated := u.User.Password(); stated {
		return nil, errors.New("other users of this machine can read a password there: leave it out, it is asked for, or put it into $" + proxyPassword)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("the address of a proxy ends with its port, and not with %q", u.RequestURI())
	}
	password, stated := os.LookupEnv(proxyPassword)
	switch {
	case u.User == nil && stated:
		return nil, fmt.Errorf("$%s is set, but the address names no user, as in http://user@%s", proxyPassword, u.Host)
	case u.User == nil:
		return u, nil
	case !stated:
		if password, err = p.askPassword(fmt.Sprintf("Password of %s at %s: ", u.User.Username(), u.Host)); err != nil {
			return nil, err
		}
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u, nil
}

// askPassword reads a password from the terminal, without showing it.
func (p *Program) askPassword(prompt string) (string, error) {
	in := os.Stdin
	if p.Stdin != nil || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("there is no terminal to ask for the password: put it into $" + proxyPassword)
	}
	fmt.Fprint(p.Stderr, prompt)
	password, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(p.Stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(password), nil
}
