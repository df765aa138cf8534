#!/usr/bin/env node
/** Which of the two programs runs. A shell that completes a word waits for it at each Tab: that one loads little. */
await(process.argv[2] === '__complete' ? import('./complete.js') : import('./vethscope.js'))
