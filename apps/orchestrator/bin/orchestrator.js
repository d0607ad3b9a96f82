#!/usr/bin/env node
import { launch } from '@vigilia/service/launch';

await launch(new URL('../dist/main.js', import.meta.url));
