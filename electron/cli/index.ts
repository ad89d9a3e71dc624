import { runCli } from './run.ts';

// `fieldkey list | head` closes the pipe early: that is no error of ours, and the vault is still closed in order
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
