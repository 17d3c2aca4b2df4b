/** The I/O process of one location. It ends with the program that started it. */

import type { HostArguments, ToHost } from '../../platform/processes/host-protocol.ts';
import { startLocationHost } from '../location-host/location-host.ts';

const receive = startLocationHost(JSON.parse(process.argv[2] ?? '{}') as HostArguments, (message) => {
  if (process.connected) process.send?.(message);
});
process.on('message', (message: ToHost) => receive(message));
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the program decides what to do about it.
process.on('SIGINT', () => {});
