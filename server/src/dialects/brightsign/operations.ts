// The operations of the upload service.
export {
  AppendChunk,
  CancelFileUpload,
  CompleteFileUpload,
  GetFileUploadStatus,
  StartFileUpload,
} from './operations/files.js';
export {
  CompleteWebPageUploadSession,
  GetWebPageUploadStatus,
  StartWebPageUpload,
  StartWebPageUploadSession,
} from './operations/pages.js';
