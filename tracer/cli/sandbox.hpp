#pragma once

namespace tracer {

/// Gives up what a program that only reads captures does not need, for good: every byte that is
/// decoded from here on may be hostile. Call it once all inputs, outputs and sockets are open, and
/// before the first frame; threads made later inherit it.
///
/// - All capabilities are dropped, and no_new_privs is set: exec gives nothing back (capabilities(7)).
/// - System calls by which a process reaches outside fail with EPERM (seccomp(2), where built with
///   libseccomp): opening a file for writing, every change to the file system, new sockets,
///   programs, other processes, namespaces, kernel interfaces beside the common ones.
///
/// What stays: open descriptors (also accept() on a socket that listens already), reading files,
/// memory, time, threads, signals to itself.
void enter_sandbox();

/// Was the filter of system calls built in?
bool sandbox_filters_calls();

}  // namespace tracer
