using System.Text;

namespace SegmentPush.Segments.Parquet;

/// <summary>How a field repeats.</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>One element of the schema: a column, or a group of elements.</summary>
internal sealed record SchemaElement
{
    /// <summary>How values are stored; null for a group.</summary>
    public PhysicalType? Type { get; private set; }

    /// <summary>Bytes of a value of fixed length.</summary>
    public int TypeLength { get; private set; }

    public Repetition Repetition { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Number of elements within a group.</summary>
    public int Children { get; private set; }

    /// <summary>What the values mean, by the older of the two ways to say so.</summary>
    public ConvertedType? Converted { get; private set; }

    /// <summary>What the values mean, by the newer way.</summary>
    public LogicalType? Logical { get; private set; }

    /// <summary>Digits behind the decimal point.</summary>
    public int Scale { get; private set; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var element = new SchemaElement();
        int id = 0;
        while (reader.ReadField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32):
                    element.Type = (PhysicalType)reader.ReadInt32();
                    break;
                case (2, ThriftType.Int32):
                    element.TypeLength = reader.ReadInt32();
                    break;
                case (3, ThriftType.Int32):
                    element.Repetition = (Repetition)reader.ReadInt32();
                    break;
                case (4, ThriftType.Binary):
                    element.Name = Encoding.UTF8.GetString(reader.ReadBinary());
                    break;
                case (5, ThriftType.Int32):
                    element.Children = reader.ReadInt32();
                    break;
                case (6, ThriftType.Int32):
                    element.Converted = (ConvertedType)reader.ReadInt32();
                    break;
                case (7, ThriftType.Int32):
                    element.Scale = reader.ReadInt32();
                    break;
                case (10, ThriftType.Struct):
                    element.Logical = LogicalType.Read(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return element;
    }
}
