import {proveShare} from './proof.js';

proveShare(3);
