/**
 * The I/O process of one location. It ends with the program that started it. Its argument: how many threads it starts
 * before it is told what to do.
 */

import type { FromHost, ToHost } from '../../platform/processes/host-protocol.ts';
import { startLocationHost } from '../location-host/location-host.ts';

const say = (message: FromHost): void => {
  if (process.connected) process.send?.(message);
};
const receive = startLocationHost(say, Number(process.argv[2] ?? 0));
process.on('message', (message: ToHost) => receive(message));
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the program decides what to do about it.
process.on('SIGINT', () => {});
