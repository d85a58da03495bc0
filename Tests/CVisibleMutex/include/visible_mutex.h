#ifndef HEADRACE_VISIBLE_MUTEX_H
#define HEADRACE_VISIBLE_MUTEX_H

// Makes `Synchronization.Mutex` visible to ThreadSanitizer. A program that links this and is built with
// `--sanitize=thread` gets it; nothing has to be called. See visible_mutex.c.

#endif
