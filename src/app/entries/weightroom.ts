/** The program itself; `bin/weightroom.cjs` finds the right Node and comes here. */
import { main } from '../main.ts';

// All output is written when `main` resolves, and nothing that still runs may keep the program alive.
process.exit(await main(process.argv.slice(2)));
