// Package page visits one page in one tab and saves what it shows, step by
// step: load, settle, shot of the first view, scroll through, back to the top,
// shot of the whole page, DOM, MHTML, and the rest.
//
// Hostile pages are the normal case. Every step has a limit, the visit has a
// hard deadline, the load event is never waited for, and a step that fails
// leaves its artifact missing with the reason while the others go on. What the
// tool did to the page, or kept it from doing, is recorded.
//
// The package hands artifacts to whoever asked for the visit and reports the
// network's exchanges as [traffic.Exchange] values. It knows nothing of what a
// page means, nor of where artifacts are kept.
package page
