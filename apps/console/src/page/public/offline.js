// Shows the page again as soon as the console answers.
async function tryAgain() {
  const answer = await fetch('./', { method: 'HEAD', cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok === true) {
    location.reload();
  }
}

setInterval(tryAgain, 5000);
