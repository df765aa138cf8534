// The limit that the collector is measured against: the same dumps (links, addresses, routes, neighbours, FDB)
// of every namespace in /run/netns and of the one it runs in, by rtnetlink, in C, without building anything from
// the answers. Prints the seconds of each round, one a line.   cc -O2 -o limit limit.c && ./limit ROUNDS
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_bridge.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 18];
static long messages;

static void dump(int fd, int type, int family, int want_stats) {
  struct {
    struct nlmsghdr header;
    struct ifinfomsg body;
    struct rtattr mask;
    unsigned value;
  } request = {0};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.ifi_family = family;
  request.mask.rta_len = RTA_LENGTH(4);
  request.mask.rta_type = IFLA_EXT_MASK;
  request.value = want_stats;
  if (type != RTM_GETLINK) request.header.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg));
  if (send(fd, &request, request.header.nlmsg_len, 0) < 0) return;
  for (;;) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length <= 0) return;
    for (struct nlmsghdr *h = (struct nlmsghdr *)buffer; NLMSG_OK(h, length); h = NLMSG_NEXT(h, length)) {
      if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) return;
      messages++;
    }
  }
}

static void read_one(int fd) {
  dump(fd, RTM_GETLINK, AF_UNSPEC, 1);
  dump(fd, RTM_GETADDR, AF_UNSPEC, 0);
  dump(fd, RTM_GETROUTE, AF_UNSPEC, 0);
  dump(fd, RTM_GETNEIGH, AF_UNSPEC, 0);
  dump(fd, RTM_GETNEIGH, AF_BRIDGE, 0);
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1;
  int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (int round = 0; round < rounds; round++) {
    struct timespec start, end;
    messages = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    read_one(fd);
    close(fd);
    DIR *folder = opendir("/run/netns");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
      if (entry->d_name[0] == '.') continue;
      char path[512];
      snprintf(path, sizeof path, "/run/netns/%s", entry->d_name);
      int ns = open(path, O_RDONLY | O_CLOEXEC);
      if (ns < 0) continue;
      if (setns(ns, CLONE_NEWNET) == 0) {
        fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
        if (setns(home, CLONE_NEWNET) != 0) abort();
        read_one(fd);
        close(fd);
      }
      close(ns);
    }
    if (folder) closedir(folder);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6f %ld\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9, messages);
  }
  return 0;
}
