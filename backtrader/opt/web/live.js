const startLive = () => {};
const drawLive = () => {};
