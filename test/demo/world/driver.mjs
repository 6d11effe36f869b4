// Starts a rehearsal as `failover-wizard demo` does, and does what the test wishes: node driver.mjs URL-OF-REHEARSE
const {rehearse} = await import(process.argv[2]);
const rehearsing = await rehearse();
// Whatever becomes of the test, nothing stays.
process.on('disconnect', () => process.exit(0));
process.on('message', async ({id, order, end}) => {
  try {
    const answer = end ? await rehearsing.end() : await rehearsing.order(order);
    process.send({id, answer});
    if (end) process.disconnect();
  } catch (error) {
    process.send({id, error: String(error)});
  }
});
const {folder, answersFile, launcher, network} = rehearsing;
process.send({ready: {folder, answersFile, launcher, network}});
