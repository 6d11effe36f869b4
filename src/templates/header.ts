/** Which pair a file belongs to, and the version of the program that writes it. */
export interface Origin {
  pairName: string;
  version: string;
}

/** The sentence that every file on a host begins with; one line, without a comment sign. */
export const headerLine = ({pairName, version}: Origin) =>
  `Written by failover-wizard ${version} for the pair "${pairName}". Do not edit: run failover-wizard setup.`;

/** As a comment line. */
export const header = (origin: Origin, comment = '#') => `${comment} ${headerLine(origin)}\n`;
