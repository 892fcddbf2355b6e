using System.Buffers;

namespace SegmentPush.Segments.Nested;

/// <summary>A reader whose current row can be written as a JSON object.</summary>
internal interface INestedRow : ISegmentReader
{
    /// <summary>Writes what stands between the braces of the object, in one line, without what an earlier reject file has added.</summary>
    /// <param name="output">Takes it.</param>
    void WriteMembers(IBufferWriter<byte> output);
}
