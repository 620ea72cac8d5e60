/*
 * Sets up and prints states of a process that a shell cannot: `probe odd FILE ARGV0 ARGS...` changes its own state and
 * becomes FILE; `probe show` prints its state without changing it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;

static void quoted(const char *text) {
  for (; *text; text++)
    if (*text >= ' ' && *text < 127 && *text != '\\') putchar(*text);
    else printf("\\x%02x", (unsigned char)*text);
  putchar('\n');
}

static int odd(char **argv) {
  char *variables[] = {"TWICE=1", "PATH=/usr/bin:/bin", "TWICE=2", "NO_EQUALS_SIGN", "=starts", "HOME=/root",
                       "BYTES=\xff\xfe", "DENO_NO_UPDATE_CHECK=1", "KUBERLR_DEPTH_NOT=kept", "HOME=/again", NULL};
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigaddset(&blocked, SIGWINCH);
  sigaddset(&blocked, SIGURG);
  sigaddset(&blocked, SIGRTMIN + 6);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  raise(SIGUSR1); /* stays pending */
  signal(SIGRTMIN + 7, SIG_IGN);
  signal(SIGURG, SIG_IGN);
  struct itimerval timer = {{0, 0}, {10000, 0}};
  setitimer(ITIMER_REAL, &timer, NULL);
  prctl(PR_SET_TIMERSLACK, 77777);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGUSR2);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  struct sched_param batch = {0};
  sched_setscheduler(0, SCHED_BATCH, &batch);
  int pipe_ends[2];
  if (pipe(pipe_ends) == 0) {
    fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
    dup2(pipe_ends[0], 33);
    fcntl(33, F_SETFL, O_NONBLOCK);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
  }
  int file = open("/proc/self/exe", O_RDONLY);
  dup2(file, 40);
  lseek(40, 123, SEEK_SET);
  close(file);
  execve(argv[0], argv + 1, variables);
  perror(argv[0]);
  return 1;
}

static void show(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("argv "), quoted(argv[i]);
  for (char **v = environ; *v; v++) printf("env "), quoted(*v);
  sigset_t mask, pending;
  sigprocmask(SIG_SETMASK, NULL, &mask);
  sigpending(&pending);
  for (int n = 1; n <= SIGRTMAX; n++) {
    struct sigaction action;
    if (sigaction(n, NULL, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN) printf("ignored %d\n", n);
    if (sigismember(&mask, n) == 1) printf("blocked %d\n", n);
    if (sigismember(&pending, n) == 1) printf("pending %d\n", n);
  }
  for (int n = 0; n < RLIM_NLIMITS; n++) {
    struct rlimit limit;
    if (n != RLIMIT_NOFILE && getrlimit(n, &limit) == 0)
      printf("limit %d %lld %lld\n", n, (long long)limit.rlim_cur, (long long)limit.rlim_max);
  }
  for (int fd = 0; fd < 256; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
      printf("fd %d flags %d status %x at %lld tty %d\n", fd, flags, fcntl(fd, F_GETFL),
             (long long)(fd > 2 ? lseek(fd, 0, SEEK_CUR) : 0), isatty(fd));
  }
  mode_t mask_of_files = umask(0);
  umask(mask_of_files);
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  int death = 0, subreaper = 0;
  prctl(PR_GET_PDEATHSIG, &death);
  prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
  printf("umask %o nice %d policy %d timer %d slack %d no_new_privs %d death %d subreaper %d dumpable %d keepcaps %d\n",
         (int)mask_of_files, getpriority(PRIO_PROCESS, 0), sched_getscheduler(0), timer.it_value.tv_sec > 0,
         prctl(PR_GET_TIMERSLACK), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), death, subreaper, prctl(PR_GET_DUMPABLE),
         prctl(PR_GET_KEEPCAPS));
  cpu_set_t cpus;
  sched_getaffinity(0, sizeof cpus, &cpus);
  printf("cpus %d group %d session %d foreground %d\n", CPU_COUNT(&cpus), getpgrp() == getpid(), getsid(0) == getpid(),
         tcgetpgrp(0) == getpgrp());
  struct termios terminal;
  if (tcgetattr(0, &terminal) == 0)
    printf("termios %x %x %x %x\n", terminal.c_iflag, terminal.c_oflag, terminal.c_cflag, terminal.c_lflag);
}

int main(int argc, char **argv) {
  if (argc > 3 && strcmp(argv[1], "odd") == 0) return odd(argv + 2);
  show(argc, argv);
  return 0;
}
