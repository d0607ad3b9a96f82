// Stands for a dedicated processor that is still loading: the scale benchmark measures what is sent before it shows anything.
setInterval(() => {}, 60_000);
