'use strict';
// Wine 8 answers the keep-alive settings of a socket that is still connecting with an error, which ends `fetch`.
require('node:net').Socket.prototype.setKeepAlive = function setKeepAlive() {
  return this;
};
