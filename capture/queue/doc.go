// Package queue captures many URLs at once: it decides which job is attempted
// when. It is polite to each host, lets no slow host hold up the others, tries
// again what may pass, and loses no job.
//
// What lasts is not its business: a [Journal] knows the jobs, so that a queue
// whose process was killed goes on where it stopped, and a [Capturer] makes and
// seals one attempt. It knows no browser, no disk and no case. Time is package
// time's.
//
// The rules:
//   - A host gets so many captures at once, whose starts lie a pause apart. It is
//     left alone for as long as it asked for with Retry-After.
//   - The host whose last start is longest ago is served first. The last free
//     place goes to no host that has one already while another host, which has
//     none, will be ready within the pause.
//   - What may pass is tried again, each time after twice the wait; [MayPass]
//     says what may.
//   - An attempt that is cut short leaves its job in the queue.
package queue
