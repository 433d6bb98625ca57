// Asks the hub in this container whether it works. With a certificate it answers on https; that the certificate is not
// made for the loopback address does not matter here.
import { request as http } from 'node:http';
import { request as https } from 'node:https';

const secure = Boolean(process.env.TLS_CERT_FILE);
const options = { host: '127.0.0.1', port: process.env.PORT ?? 8000, path: '/health', timeout: 4000 };
const request = secure ? https({ ...options, rejectUnauthorized: false }) : http(options);
request
  .on('response', (response) => process.exit(response.statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end();
