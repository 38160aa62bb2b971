/** The attributes of a document in full, in the order of specs/inforouter.md §6.4. */
export const documentAttributes = [
  ...['DocumentID', 'Name', 'Path', 'Description', 'UpdateInstructions', 'CreationDate', 'ModificationDate'],
  ...['CheckoutDate', 'CheckoutBy', 'CheckoutByUserName', 'Size', 'Type', 'PercentComplete', 'CompletionDate'],
  ...['Importance', 'RetentionDate', 'DispositionDate', 'CutoffDate', 'RDDefId', 'ExpirationDate', 'RegisterDate'],
  ...['RegisteredBy', 'DocTypeID', 'DocTypeName', 'VersionNumber', 'PublishedVersionNumber', 'PublishingRule'],
  ...['OwnerName', 'WorkflowId', 'WorkflowName', 'WorkflowStepNumber', 'WorkflowStepName', 'Author', 'Language'],
  ...['Source', 'ApprovalStatus', 'ClassificationLevel', 'ClassificationLevelId', 'DeclassifyOn', 'DomainId'],
  ...['DomainName', 'DowngradeOn', 'FolderId', 'Foldername', 'IsShortcut', 'TargetDocumentId', 'LastISOReviewDate'],
  ...['NextISOReviewDate', 'OwnerId', 'RegisterById', 'TemplateID', 'VersionCount', 'UserViewStatus'],
];

/** The attributes of a folder in full. */
export const folderAttributes = [
  ...['FolderID', 'ParentID', 'Name', 'Path', 'Description', 'CreationDate', 'OwnerName', 'DomainId'],
  ...['ClassificationLevel', 'ClassificationLevelId', 'DeclassifyOn', 'DowngradeOn', 'RDDefId', 'RetentionDate'],
  ...['DispositionDate', 'CutoffDate'],
];

/** The attributes of a folder and of a document in short. */
export const shortAttributes = {
  f: ['id', 'n'],
  d: [
    ...['id', 'n', 'mdate', 'cdate', 'size', 'dformat', 'chkoutbyusername', 'chkoutbyfullname', 'version'],
    ...['publishedversion', 'regdate', 'dtype'],
  ],
} as const;
