import type { ServiceFinding, VersionsFinding } from '@vigilia/house';
import type { Finding } from '@vigilia/protocol';

/** Puts into words what is right or wrong with what a service reports of itself. */
export function serviceFinding(finding: ServiceFinding): Finding {
  const check = `service ${finding.id}`;
  switch (finding.code) {
    case undefined:
      return { check, result: 'ok', detail: `version ${finding.version}` };
    case 'disk_nearly_full': {
      const free = Math.round(finding.freeBytes / 1_000_000);
      const detail = `the disk of its folder ${finding.folder} has ${free} MB left`;
      const remedy = 'Free space on that disk, or give the service a folder on a larger one.';
      return { check, result: finding.result, code: finding.code, detail, remedy, figures: { free_mb: free } };
    }
    case 'spool_nearly_full': {
      const detail = `its spool is ${finding.usedPercent} % full: when it is full, detections are dropped first`;
      const remedy = 'Check what it delivers to, such as Elasticsearch, or allow more with --spool-max-bytes.';
      return { check, result: finding.result, code: finding.code, detail, remedy };
    }
    case 'clock_differs': {
      const { aheadSeconds: seconds } = finding;
      const detail = `its clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the clock of this machine`;
      const remedy = 'Synchronise the clocks of both machines (NTP).';
      return { check, result: finding.result, code: finding.code, detail, remedy };
    }
    case 'alert_target_failing': {
      const { target, error } = finding;
      const detail = `alert target ${target} takes no messages${error === undefined ? '' : `: ${error}`}`;
      const remedy = finding.remedy ?? 'Test it: vigilia alerts test';
      return { check, result: finding.result, code: finding.code, detail, remedy };
    }
    case 'event_sink_silent': {
      const detail = 'does not report: nothing is stored for reports and dashboards';
      const remedy = 'Start the event sink, and look into its log.';
      return { check, result: finding.result, code: finding.code, detail, remedy };
    }
  }
}

/** Puts into words that services run different versions. */
export function versionsFinding({ result, code, versions }: VersionsFinding): Finding {
  const detail = versions.map(({ version, ids }) => `${version}: ${ids.join(', ')}`).join('; ');
  const remedy = 'Update all services to the same version.';
  return { check: 'versions', result, code, detail: `services run different versions (${detail})`, remedy };
}
