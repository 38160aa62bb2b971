// Loaded into a server process before its program: gets the program's modules ready and waits to be told to go on. Most
// of a start is the loading of modules, so a test that starts hundreds of servers has the next one load them in time.
await import('../../dist/cli/program.js');
process.send('loaded');
await new Promise((resolve) => process.once('message', resolve));
process.disconnect();
