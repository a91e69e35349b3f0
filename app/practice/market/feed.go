package market

import (
	"reflect"
	"strconv"

	"touchstone/report/takedown/jointforce"
)

// Feed is what the brand has published.
func (m *Market) Feed() jointforce.PublishedFeed {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.feed
}

// Publish puts a feed in place of the version it replaces.
func (m *Market) Publish(r *jointforce.FeedRequest) (jointforce.PublishedFeed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settle()
	switch {
	case m.feed.Version > 0 && reflect.DeepEqual(r.Feed, m.feed.Feed):
		return m.feed, nil
	case r.Replaces != m.feed.Version:
		return jointforce.PublishedFeed{}, ErrFeedChanged
	}
	m.feed = jointforce.PublishedFeed{Version: m.feed.Version + 1, PublishedAt: m.now().UTC(), Feed: r.Feed}
	m.event(jointforce.Event{Type: jointforce.EventFeed, State: strconv.Itoa(m.feed.Version)})
	return m.feed, nil
}

func emptyFeed() jointforce.PublishedFeed {
	return jointforce.PublishedFeed{Feed: jointforce.Feed{
		Products: []jointforce.FeedProduct{}, GenuineMarkers: []string{}, CounterfeitFeatures: []string{}, AuthorisedSellers: []string{},
	}}
}
