/**
 * Commands of other version managers, and hints that name their counterparts here.
 *
 * @module
 */

const GET =
  `"kuberlr get 1.30" downloads the newest 1.30; any kubectl command downloads what it needs`;
const BINS = `"kuberlr bins" lists the installed kubectls`;
const PRUNE = `"kuberlr prune" removes the kubectls that no known cluster needs`;
const USE =
  `kuberlr chooses by the server; "KUBERLR_KUBECTL=1.30 kubectl version" pins one command, ` +
  `and [Contexts."GLOB"] in the configuration pins contexts`;
const UPGRADE =
  `"kuberlr get stable" downloads the newest kubectl; "kuberlr version" prints kuberlr's own version`;

/** The hints by the unknown command. */
export const COUNTERPARTS: Readonly<Record<string, string>> = {
  add: GET,
  download: GET,
  fetch: GET,
  install: GET,
  list: BINS,
  ls: BINS,
  remove: PRUNE,
  rm: PRUNE,
  uninstall: `${PRUNE}; "kuberlr unlink" removes the kubectl that "kuberlr link" installed`,
  clean: PRUNE,
  use: USE,
  switch: USE,
  pin: USE,
  upgrade: UPGRADE,
  update: UPGRADE,
  check: `"kuberlr doctor" looks for what is wrong, "kuberlr clusters --check" at every cluster`,
  info: `"kuberlr explain" shows how the kubectl for a command is chosen`,
  status: `"kuberlr clusters" shows every cluster, "kuberlr explain" the current one`,
  contexts: `"kuberlr clusters" lists the contexts with their servers`,
  setup: `"kuberlr link" installs kuberlr as kubectl`,
};
