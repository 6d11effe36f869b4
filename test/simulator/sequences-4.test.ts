import {proveShare} from './proof.js';

proveShare(4);
