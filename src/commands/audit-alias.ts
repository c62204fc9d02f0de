#!/usr/bin/env node
import { main } from './cli.js';

await main(['audit', ...process.argv.slice(2)]);
