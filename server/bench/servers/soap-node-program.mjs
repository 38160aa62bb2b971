import { createServer } from 'node:http';
import { listen } from 'soap';

const [port] = process.argv.slice(2);
const namespace = 'https://api.brightsignnetwork.com/Uploads/2014/07/SOAP/';

const wsdl = `<definitions name="Upload" targetNamespace="${namespace}" xmlns="http://schemas.xmlsoap.org/wsdl/"
  xmlns:t="${namespace}" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema">
 <types><x:schema targetNamespace="${namespace}" elementFormDefault="qualified">
  <x:element name="AppendChunk"><x:complexType><x:sequence>
   <x:element name="sessionToken" type="x:string" nillable="true" minOccurs="0"/>
   <x:element name="uploadToken" type="x:string"/>
   <x:element name="partNumber" type="x:int"/>
   <x:element name="data" type="x:base64Binary"/>
   <x:element name="offset" type="x:long"/>
  </x:sequence></x:complexType></x:element>
  <x:element name="AppendChunkResponse"><x:complexType><x:sequence>
   <x:element name="AppendChunkResult" type="x:boolean"/>
  </x:sequence></x:complexType></x:element>
 </x:schema></types>
 <message name="AppendChunkIn"><part name="parameters" element="t:AppendChunk"/></message>
 <message name="AppendChunkOut"><part name="parameters" element="t:AppendChunkResponse"/></message>
 <portType name="UploadPort"><operation name="AppendChunk">
  <input message="t:AppendChunkIn"/><output message="t:AppendChunkOut"/>
 </operation></portType>
 <binding name="UploadBinding" type="t:UploadPort">
  <s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="AppendChunk">
   <s:operation soapAction="${namespace}ContentUploadService/AppendChunk"/>
   <input><s:body use="literal"/></input><output><s:body use="literal"/></output>
  </operation>
 </binding>
 <service name="Upload"><port name="UploadPort" binding="t:UploadBinding">
  <s:address location="http://127.0.0.1:${port}/upload/"/>
 </port></service>
</definitions>`;

const AppendChunk = ({ data }) => ({ AppendChunkResult: Buffer.from(data, 'base64').length > 0 });

const server = createServer();
server.listen(Number(port), '127.0.0.1');
listen(server, '/upload/', { Upload: { UploadPort: { AppendChunk } } }, wsdl);
