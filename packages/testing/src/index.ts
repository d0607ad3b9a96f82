export { askHealth } from './ask-health.ts';
export { type Collected, type Collector, collect } from './collect.ts';
export { connectBus } from './connect-bus.ts';
export { espaPython } from './espa-python.ts';
export { eventually } from './eventually.ts';
export { type FakeBroker, type FakeBrokerOptions, startFakeBroker } from './fake-broker.ts';
export { FakeClock } from './fake-clock.ts';
export { type FaultyCamera, type FaultyCameraOptions, startFaultyCamera } from './faulty-camera.ts';
export { ffmpegPath } from './ffmpeg-path.ts';
export { freePort } from './free-port.ts';
export { type ClipOptions, makeClip } from './make-clip.ts';
export { type CodedVideoOptions, makeCodedVideo } from './make-coded-video.ts';
export { type ModelOptions, makeModel } from './make-model.ts';
export { moveWeightsOut } from './move-weights-out.ts';
export { PlayedProcessor } from './played-processor.ts';
export { connectQos2Publisher, type Qos2Publisher } from './qos2-publisher.ts';
export * as rectangleLayouts from './rectangle-layouts.ts';
export { makeRectangleModel, type RectangleModelOptions, rectangleModelSize } from './rectangle-model.ts';
export { repoRoot, testData, testTool } from './repo-root.ts';
export {
  chromiumPath,
  mosquittoPath,
  pythonPath,
  requirements,
  vulkanDriver,
} from './requirements.ts';
export { requires } from './requires.ts';
export { type RtspCameras, startRtspCameras } from './rtsp-cameras.ts';
export { spawnTypeScript, type TypeScriptProcess, typeScriptArgs } from './spawn-typescript.ts';
export { startBroker } from './start-broker.ts';
export {
  type Elasticsearch,
  holdElasticsearch,
  startElasticsearch,
} from './start-elasticsearch.ts';
export { type Mosquitto, shippedQueues, startMosquitto } from './start-mosquitto.ts';
export { type TempFolder, tempFolder } from './temp-folder.ts';
export { captureLogger, type LogLine, silentLogger } from './test-logger.ts';
