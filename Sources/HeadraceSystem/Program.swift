import CHeadraceLinux
import Glibc

/// What a command-line program needs of its own process.
public enum Program {
  /// Ends this process with `status`, after its streams are flushed and its exit handlers have run (exit(3)).
  public static func exit(_ status: Int32) -> Never {
    Glibc.exit(status)
  }

  /// Names this process for debuggers, `ps` and `top`; the kernel keeps 15 bytes. To be called on its first thread. See
  /// `man 2 prctl`, PR_SET_NAME.
  public static func name(_ name: String) { _ = unsafe headrace_set_thread_name(name) }

  /// Leaves it to the process that has started this one what the signals mean that a terminal (SIGINT, SIGQUIT, SIGHUP)
  /// or a job scheduler (SIGTERM, SIGUSR1, SIGUSR2) sends to both: this one ends with that. See `man 7 signal`.
  package static func leaveSignalsToParent() { headrace_leave_signals_to_parent() }

  /// Lets a write that nobody will read be an error and not the end of this process. See `man 7 signal`, SIGPIPE.
  package static func ignoreBrokenPipes() { headrace_ignore_broken_pipes() }

  /// Hands on what was printed so far, for readers who want each line when it is made.
  public static func flush() {
    headrace_flush_all()
  }
}
